"""Kernel: what every room stands on (money, ids, clock, actor, diary, command, tenancy)."""
