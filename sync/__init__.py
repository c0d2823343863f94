"""What phone and server must agree on: clock, operations, registers. Pure; see README.md."""
