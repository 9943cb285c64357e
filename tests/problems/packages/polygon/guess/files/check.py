# testlib's convention: input, output, answer; the answer is the number of questions allowed.
import sys

sys.exit(0 if int(open(sys.argv[2]).read()) <= int(open(sys.argv[3]).read()) else 1)
