# testlib's convention: input, output; exit code 0 OK, 1 wrong answer. The checker reads the output.
import sys

secret = int(open(sys.argv[1]).read())
questions = 0
found = False
for line in sys.stdin:
    questions += 1
    guess = int(line)
    found = guess == secret
    print("=" if found else "<" if secret < guess else ">", flush=True)
    if found:
        break
with open(sys.argv[2], "w") as output:
    output.write(f"{questions}\n")
sys.exit(0 if found else 1)
