"""The planner's arithmetic and its entry rules: pure, so that each can be shown as a table of cases."""
