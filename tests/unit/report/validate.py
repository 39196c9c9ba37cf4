#!/usr/bin/env python3
"""Says whether JSON documents fit a JSON Schema.

    validate.py SCHEMA DOCUMENTS

DOCUMENTS has one JSON object a line: {"name": ..., "is_valid": true or false, "document": ...}. Prints a line for each
document that the schema takes although it should not, or the other way round, and exits with 1 if there is any.
"""

import json
import sys


def main(schema_file: str, documents_file: str) -> int:
    try:
        import jsonschema
    except ImportError:
        print("the Debian package python3-jsonschema is missing")
        return 1

    with open(schema_file, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())

    complaints = 0
    with open(documents_file, encoding="utf-8") as file:
        for line in file:
            case = json.loads(line)
            error = jsonschema.exceptions.best_match(validator.iter_errors(case["document"]))
            if (error is None) == case["is_valid"]:
                continue
            complaints += 1
            print(f"{case['name']}: {error.json_path + ': ' + error.message if error else 'is taken for valid'}")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
