"""Studies of the methods: how they behave where the truth is known."""
