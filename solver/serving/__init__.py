"""The sandbox and the judge over HTTP: the doors that trainers and evaluators already speak."""
