"""What people see of a judge server: pages beside the Contest API, plain HTML and CSS."""
