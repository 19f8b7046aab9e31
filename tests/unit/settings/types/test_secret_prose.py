"""A sentence that says where a secret is to be had is none; a word that is one, beside such a sentence, is."""

from __future__ import annotations

import pytest

from settings.types.secrets.looks import secret_looks

_A = "a1B2c3D4e5F6g7H8i9J0"


@pytest.mark.parametrize(
    "text",
    [
        "# password: see wiki\n",
        "password: see the wiki\n",
        "# password: ask ops\n",
        "# token: ask the platform team\n",
        "# secret: in the vault, see docs\n",
        "# password: changeme-later\n",
        "The password: ask ops for it",
        "token: rotated every 90 days by ops",
        "// Password: stored in Vault under team/acme\n",
        "# secret: managed by external-secrets, never here\n",
        "; password: same as in staging (see the wiki)\n",
        "# api_key: from the Secret git-login\n",
        "-- password: kept by the DBA team\n",
        "# password: https://wiki.acme.example/logins\n",
        "echo 'password: ask ops'\n",
        'echo "Enter token: you get one from ops"\n',
        "secret: please ask the security team",
        "Token: see https://wiki.acme.example/tokens",
        "# password: use the one from the vault\n",
        "# password: to be set later\n",
    ],
)
def test_where_a_secret_is_to_be_had_is_told_freely(text: str) -> None:
    assert list(secret_looks({"fileContent": text}, "x")) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("password", "see wiki"),
        ("DB_PASSWORD", "ask ops"),
        ("DB_PASSWORD", "changeme-later"),
        ("fileContent", "# password: hunter2\n"),
        ("fileContent", "password: see\n"),
        ("fileContent", "password: wiki\n"),
        ("fileContent", "password: see wiki7\n"),
        ("fileContent", "password: the vault\n"),
        ("fileContent", "password: changeme-later\n"),
        ("fileContent", "# password: changeme\n"),
        ("fileContent", "password=see wiki\n"),
        ("fileContent", "export PASSWORD=see wiki\n"),
        ("fileContent", "password: 'see wiki'\n"),
        ("fileContent", 'password: "ask ops"\n'),
        ("fileContent", '{"password": "see wiki"}'),
        ("fileContent", "# password: correct horse battery staple\n"),
        ("fileContent", "# password: to be or not to be\n"),
        ("fileContent", "# password: see you later\n"),
        ("fileContent", "# password: summer, see wiki\n"),
        ("fileContent", "# password: see wiki: hunter2\n"),
        ("fileContent", "# password: hunter2, ask ops\n"),
        ("fileContent", "# secret: see wiki\npassword: hunter2\n"),
        ("fileContent", "# password: see wiki, token: hunter2\n"),
        ("fileContent", f"# token: see {_A} in the vault\n"),
        ("fileContent", "# password: ask-ops\n"),
        ("fileContent", f"# password: https://wiki.acme.example/{_A}\n"),
    ],
)
def test_a_word_that_is_one_is_found_all_the_same(name: str, text: str) -> None:
    assert list(secret_looks({name: text}, "x")) == [f"x.{name}"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PIN", "4711"),
        ("CARD_PIN", "471112"),
        ("cardPin", "4711"),
        ("OTP", "123456"),
        ("SECRET_SAUCE", "hunter2"),
        ("SECRET_BLOB", _A),
        ("TOKEN_OF_CI", _A),
        ("PASSWORD_OF_DB", "hunter2"),
        ("PASSWORD_SALT", "hunter2"),
        ("PEPPER", _A),
        ("WALLET_SEED", _A),
        ("WALLET_SEED", "abandon ability able about above absent absorb abstract absurd abuse access accident"),
        ("MNEMONIC", "abandon ability able"),
        ("RECOVERY_CODE", "abcd-efgh"),
        ("ERLANG_COOKIE", "monster"),
        ("SESSION_COOKIE", f"{_A}"),
        ("REQUEST_SIGNATURE", _A),
        ("DB_DSN", "jane:hunter2@tcp(db:3306)/tasks"),
        ("SENTRY_DSN", "https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/2"),
        ("DB_CONN_STR", "Server=db;Uid=u;Pwd=hunter2;"),
        ("CONN_STR", "host=db user=u password=hunter2"),
        ("WEBHOOK_URL", f"https://chat.example.com/x/{_A}"),
        ("WEBHOOK_URL", "https://chat.example.com/6f1c2a3e-0b7d-4a52-9c68-2f4f3b8f1d10/x"),
        ("ANY", f"https://chat.example.com/hooks/{_A}abcd"),
        ("ANY", "https://x.blob.core.windows.net/c?sv=2020-08-04&sig=a1B2c3D4%2Fe5F6%3D"),
        ("SAS", f"sv=2020-08-04&ss=b&sig={_A}{_A}%3D"),
        ("ANY", f"https://b.s3.amazonaws.com/k?X-Amz-Signature={'0123456789abcdef' * 4}"),
        ("fileContent", f"curl 'b.s3.amazonaws.com/k?X-Amz-Signature={'0123456789abcdef' * 4}'\n"),
        ("ANY", "https://storage.googleapis.com/b/o?GoogleAccessId=a&Expires=1&Signature=a1B2c3"),
        ("ANY", f"https://acme.azurewebsites.net/api/run?code={_A}{_A}=="),
    ],
)
def test_a_name_that_only_hints_at_a_secret_has_one_if_it_looks_so(name: str, value: str) -> None:
    assert list(secret_looks({name: value}, "x")) == [f"x.{name}"]
    assert list(secret_looks([{"name": name, "value": value}], "x")) == ["x[0].value"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PIN", "false"),
        ("PIN_MEMORY", "true"),
        ("LED_PIN", "17"),
        ("pin", "1.2.3"),
        ("RANDOM_SEED", "123456789"),
        ("PYTHONHASHSEED", "0"),
        ("SEED", "the one of the paper"),
        ("SECRET_NAME", "acme-login2"),
        ("SECRET_PATH", "secret/data/acme2"),
        ("SECRET_STORE", "vault-backend2"),
        ("SECRET_REGION", "eu-west-1"),
        ("secretProviderClass", "aws-provider2"),
        ("PASSWORD_POLICY", "min12chars"),
        ("PASSWORD_HASHER", "argon2id"),
        ("PASSWORD_ENCRYPTION", "scram-sha-256"),
        ("TOKEN_TTL", "3600s"),
        ("TOKEN_COUNT", "4096"),
        ("TOKENIZER_NAME", "bert-base-v2"),
        ("SESSION_COOKIE", "clearml_token"),
        ("SESSION_COOKIE_NAME", "acme2"),
        ("SIGNATURE", "sha256"),
        ("AWS_SIGNATURE", "hmac-sha256"),
        ("SIGNATURE_VERSION", "s3v4"),
        ("SALT_MASTER", "salt2.acme.example"),
        ("DB_DSN", "postgresql://db.acme.example:5432/tasks"),
        ("DB_DSN", "tcp(db:3306)/tasks"),
        ("SENTRY_DSN", "https://$(KEY)@sentry.example.com/1"),
        ("CONN_STR", "Server=db;Database=tasks"),
        ("WEBHOOK_URL", "https://hooks.acme.example/alerts"),
        ("WEBHOOK_URL", "https://ci.acme.example/api/v4/projects/team-research2/trigger"),
        ("ANY", "https://acme.example/a?code=200"),
    ],
)
def test_a_word_under_such_a_name_passes(name: str, value: str) -> None:
    assert list(secret_looks({name: value}, "x")) == []
    assert list(secret_looks([{"name": name, "value": value}], "x")) == []
