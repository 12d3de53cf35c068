"""The screens of privacy: notices and the diary, the forms of the office."""
