"""The zoo: small servers and clients, each with one defect, and healthy ones.

    python -m labs.zoo.glue 12345
    python labs/check.py server "python -m labs.zoo.glue {port}"

Each broken one is the healthy one with one thing done as many do it at first: what you
see in its file is the defect, and nothing else. The check must fail exactly at the
stage that its docstring names, with a hint that names the defect; tests/test_zoo.py
holds them to it, so that the check is checked too.
"""
