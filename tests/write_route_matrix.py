"""Write route_matrix.toml anew: `python -m tests.write_route_matrix`. Read the difference before it is committed."""

import os

import django


def main() -> None:
    """Write the file."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daysheet.site.settings")
    django.setup()
    from daysheet.kernel.access import roles
    from tests.test_route_matrix import ADDRESSES, MATRIX

    lines = [
        "# Who may open what. Held by test_route_matrix.py; written by write_route_matrix.py; read by a person.\n"
    ]
    for one in ADDRESSES:
        methods = [m for m in one.rule.methods if m != "HEAD"]
        allowed: object = "everybody, signed in or not"
        if one.rule.needs is not None:
            allowed = sorted(
                key for key, role in roles().items() if one.rule.needs in role.may and key != "system"
            )
        told = f'"{allowed}"' if isinstance(allowed, str) else str(allowed).replace("'", '"')
        lines.append(f'["{one.name}"]\nmethods = {str(methods).replace(chr(39), chr(34))}\nroles = {told}\n')
    MATRIX.write_text("\n".join(lines))


if __name__ == "__main__":
    main()
