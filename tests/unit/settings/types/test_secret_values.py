"""Secrets are found by name, by what they look like, and inside texts; what says where one is passes."""

from __future__ import annotations

import pytest

from settings.types.secrets.looks import secret_looks

_A = "a1B2c3D4e5F6g7H8i9J0"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GITHUB_PAT", "hunter2"),
        ("DB_PWD", "hunter2"),
        ("dbPwd", "hunter2"),
        ("git_pass", "hunter2"),
        ("MYSQL_PASS", "hunter2"),
        ("PASSWORD_2", "hunter2"),
        ("accountKey", "hunter2"),
        ("SERVICE_CREDENTIALS", "hunter2"),
        ("secretKey", "hunter2"),
        ("CLEARML_API_SECRET_KEY", "hunter2"),
        ("ANY", f"ghp_{_A}{_A}"),
        ("ANY", f"github_pat_{_A}_{_A}"),
        ("ANY", f"glpat-{_A}"),
        ("ANY", f"xoxb-1234567890-{_A}"),
        ("ANY", "AKIA" + "ABCDEFGH12345678"),
        ("ANY", f"hf_{_A}{_A}"),
        ("ANY", f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={_A}{_A}==;EndpointSuffix=core.windows.net"),
        ("ANY", f"Endpoint=sb://x/;SharedAccessKeyName=r;SharedAccessKey={_A}="),
        ("ANY", "Server=db;Database=x;User Id=u;Password=hunter2;"),
        ("ANY", "Server=db;Uid=u;Pwd=hunter2;"),
        ("ANY", "postgres://u:hunter2@db/x"),
        ("authorization", f"Bearer {_A}"),
        ("ANY", f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.{_A}"),
        ("script", "set -e\nexport AWS_SECRET_ACCESS_KEY=hunter2\npip install x\n"),
        ("script", "pip config set global.index-url x\ncurl -u jane:hunter2 https://example.com\n"),
        ("script", "docker login --username jane --password hunter2\n"),
        ("fileContent", "agent {\n  git_user: jane\n  git_pass: hunter2\n}\n"),
        ("fileContent", 'api { credentials { "access_key" = "ABC", "secret_key" = "hunter2" } }'),
        ("fileContent", "sdk.aws.s3.secret = hunter2"),
        ("fileContent", "[default]\naws_access_key_id = A\naws_secret_access_key = hunter2\n"),
        ("fileContent", "machine git.example.com login jane password hunter2\n"),
        ("fileContent", '{"auths": {"docker.io": {"auth": "amFuZTpodW50ZXIy"}}}'),
        ("users", '[{"username": "jane", "password": "hunter2", "name": "Jane"}]'),
        ("fileContent", f"ann:$apr1$x0Y1z2AB${_A}.."),
        ("fileContent", f"ann:$2y$05${_A}{_A}abcdefghijklm"),
        ("fileContent", f"root:$6$rounds=5000$saltsalt${_A}{_A}:19000:0:99999:7:::"),
        ("fileContent", f"ann:$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ${_A}"),
        ("ANY", f"pbkdf2_sha256$600000$salt${_A}="),
        ("ANY", f"{{SSHA}}{_A}="),
        ("ANY", "Basic YW5uOmh1bnRlcjI="),
        ("NEO4J_AUTH", "neo4j/hunter2"),
        ("NEPTUNE_API_TOKEN", "hunter2"),
        ("NPM_TOKEN", "hunter2"),
        ("MINIO_TOKEN", "hunter2"),
        ("SNOWFLAKE_PW", "hunter2"),
        ("SSHPASS", "hunter2"),
        ("REDISCLI_AUTH", "hunter2"),
        ("DD_APP_KEY", "hunter2"),
        ("COMET_KEY", f"{_A}{_A}"),
        ("LOGIN", "ann:hunter2"),
        ("CREDS", "ann:hunter2"),
        ("ANY", f"tskey-auth-{_A}"),
        ("ANY", f"lin_api_{_A}{_A}"),
        ("ANY", "dapi" + "0123456789abcdef" * 2),
        ("ANY", f"nvapi-{_A}{_A}"),
        ("ANY", f"gsk_{_A}{_A}"),
        ("ANY", f"ATATT3xFfGF0{_A}{_A}"),
        ("ANY", f"abc8Q~{_A}{_A}"),
        ("ANY", f"https://acme.webhook.office.com/webhookb2/{_A}"),
        ("fileContent", 'password = """hunter2"""\n'),
        ("fileContent", 'PASSWORD: str = "hunter2"\n'),
        ("fileContent", '$env:DB_PASSWORD = "hunter2"\n'),
        ("SMTP_AUTH", "login/hunter2"),
        ("SMTP_AUTH", "login/plain7"),
        ("REGISTRY_AUTH", "htpasswd:hunter2"),
        ("fileContent", '# secret: "wJalrXUtnFEMI"\n'),
        ("fileContent", 'secret: "secret"\n'),
        ("fileContent", 'credentials: [\n  {key: "AKEY", secret: "hunter2"}\n]\n'),
        ("fileContent", 'password: [\n  "hunter2"\n]\n'),
        ("MYSQL_AUTH", "root:hunter2"),
        ("MYSQL_AUTH", "jane.doe:hunter2"),
        ("NEO4J_AUTH", "jane.doe/hunter2"),
        ("ANY", "jdbc:oracle:thin:scott/tiger@//db:1521/x"),
        ("ANY", f"https://discord.com/api/webhooks/123456789012345678/{_A}{_A}"),
        ("fileContent", "_auth=YW5uOmh1bnRlcjI=\n"),
        ("fileContent", 'user = "ann:hunter2"\n'),
        ("fileContent", "PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\nAAAAIEx"),
        ("fileContent", "https://conda.anaconda.org/t/ab-12345678-1234-1234-1234-123456789012/acme"),
        ("fileContent", f"s.{_A}wxyz\n"),
        ("key", "-----BEGIN PRIVATE KEY-----"),
        ("key", "-----BEGIN PGP PRIVATE KEY BLOCK-----"),
    ],
)
def test_a_secret_is_found(name: str, value: str) -> None:
    assert list(secret_looks({name: value}, "x")) == [f"x.{name}"]
    assert list(secret_looks([{"name": name, "value": value}], "x")) == ["x[0].value"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("clientSecret", "${OKTA_SECRET}"),
        ("API_TOKEN", "$(API_TOKEN)"),
        ("API_TOKEN", "$API_TOKEN"),
        ("token", "{{ .Values.token }}"),
        ("token", "/var/run/secrets/token"),
        ("imagePullSecret", "regcred"),
        ("imagePullSecrets", "regcred"),
        ("existingSecret", "name"),
        ("passwordSecretKey", "mongo-password"),
        ("usernameSecretKey", "mongo-user"),
        ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"),
        ("automountToken", "false"),
        ("MAX_TOKEN", "4096"),
        ("secretName", "acme-tls"),
        ("PASSWORD_FILE", "/run/secrets/db"),
        ("TOKEN_URL", "https://idp.example.com/token"),
        ("tokenizer", "bert-base"),
        ("script", 'echo Basic installation of everything; user = "1000:1000"\n'),
        ("AUTH", "basic"),
        ("max_new_token", "128"),
        ("n_token", "128"),
        ("OBJECT_KEY", "models/Resnet50/weights-2024.pt"),
        ("PUBLIC_KEY", f"{_A}{_A}"),
        ("key", "DatabasePassword2024ofAcme"),
        ("LOGIN", "localhost:8080"),
        ("LOGIN", "idp.example.com:8443"),
        ("fileContent", 'token: str = ""\npassword: Optional[str] = None\n'),
        ("SMTP_AUTH", "login/plain"),
        ("SMTP_AUTH", "PLAIN:LOGIN:CRAM-MD5"),
        ("REGISTRY_AUTH", "htpasswd:/auth"),
        ("fileContent", 'credentials: [\n  # {\n  #   key: "my-access-key"\n  #   secret: "my-secret-key"\n  # }\n]\n'),
        ("fileContent", '# # containers: [\n#     {\n#         account_key: "secret"\n#     }\n'),
        ("fileContent", '# extra_credentials: [{"user": "", "pass": "", "host": ""}, ...]\n'),
        ("fileContent", 'hide_secrets: ["^a$", "secret", "pass", "token", "account_key", "contents"]\n'),
        ("auth", "auth.example.com:8080"),
        ("auth", "auth.example.com:8443/realms/main"),
        ("REGISTRY_AUTH", "registry.example.com/team"),
        ("OAUTH_AUTH", "https://idp.example.com/auth"),
        ("BASIC_AUTH", "/run/secrets/login"),
        ("PROXY_AUTH", "$(USER):$(PASS)"),
        ("jdbc", "jdbc:postgresql://db:5432/tasks"),
        ("pathways", "a"),
        ("compass", "north"),
        ("script", 'export AWS_SECRET_ACCESS_KEY="$(cat /run/secrets/aws)"\nexport TOKEN=${TOKEN}\npip install x\n'),
        ("script", "git clone https://$GIT_USER:$GIT_PASS@git.example.com/x\n"),
        ("fileContent", "agent { git_pass: ${GIT_PASS}, force_git_ssh_protocol: true }\n"),
        ("fileContent", 'def get(token: str, password: str = ""):\n    password = os.environ["PASSWORD"]\n'),
        ("fileContent", "if token == other:\n    token = read_token()\n"),
        ("fileContent", "sdk { aws { s3 { use_credentials_chain: true } } }"),
        ("value", "https://example.com/a?b=c"),
        ("value", "sk-learn and risk-aware"),
        ("value", "sk-learn-is-a-library-with-a-long-name"),
        ("value", "asks for bearer authentication-required"),
        ("fileContent", "tokenizer.pad_token = tokenizer.eos_token\nmax_new_token = 128\n"),
    ],
)
def test_what_says_where_a_secret_is_passes(name: str, value: str) -> None:
    assert list(secret_looks({name: value}, "x")) == []
    assert list(secret_looks([{"name": name, "value": value}], "x")) == []


@pytest.mark.parametrize(
    "token",
    [
        f"1234567890:AA{_A}abcdefghijk12",
        "SK" + "0a1b2c3d" * 4,
        "0123456789abcdef0123456789abcdef-us12",
    ],
)
def test_a_token_that_only_the_maintained_patterns_know_is_found(token: str) -> None:
    assert list(secret_looks({"plain": f"a {token} b"}, "x")) == ["x.plain"]


@pytest.mark.parametrize(
    "text",
    [
        f"registry.example.com/some/image@sha256:{'ab' * 32}",
        "arn:aws:iam::123456789012:role/acme-eks-access",
        "pip install --extra-index-url https://pypi.example.com/simple/ torch==2.9.0",
        "0123456789abcdef0123456789abcdef",
        "6f1c2a3e-0b7d-4a52-9c68-2f4f3b8f1d10",
        "/usr/local/lib/python3.12/site-packages/clearml_agent",
    ],
)
def test_long_words_are_no_tokens(text: str) -> None:
    assert list(secret_looks({"plain": text}, "x")) == []
