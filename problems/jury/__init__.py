"""Programs and answers of the jury: checkers, validators, comparisons."""
