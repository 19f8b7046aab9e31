"""What is done beside a run of the program, on any stack, with `pulumi` and `helm` from PATH."""
