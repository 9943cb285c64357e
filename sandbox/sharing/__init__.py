"""Many runs that share one process of the sandbox."""
