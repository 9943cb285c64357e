"""Further training: rows of judged programs; the loop of sampling, judging and fine-tuning; and
what it was worth. Hidden tests stay with the judge: a row holds a statement, a program and its
share of the points."""
