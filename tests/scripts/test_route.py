"""A pytest: each mail of a folder left through the smart host (plain Python runs it too)."""
import json
import os
import subprocess

SMART_HOST = os.environ.get("SMART_HOST", "smtp-relay.example.com")
MAILS = os.environ.get("MAILS", "mails")


def verdicts(*paths):
    """One dict a message, in the order of the paths; see `smarthop schema`."""
    command = ["smarthop", "check", "--smart-host", SMART_HOST, "--format", "json", *paths]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    # 1 and 3 are verdicts; 2 tells that some input could not be read, which has its line too.
    assert done.returncode in (0, 1, 2, 3), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_mails_left_through_the_smart_host():
    found = verdicts(MAILS)
    assert found, "no message"
    wrong = [
        f'{m["source"]["path"]}: {m["outcome"]}: '
        + (m["error"]["says"] if m["error"] else m["reasons"][0]["says"])
        for m in found
        if m["outcome"] != "pass"
    ]
    assert not wrong, "\n".join(wrong)


if __name__ == "__main__":
    test_mails_left_through_the_smart_host()
    print("1 passed")
