"""A script of a container that hands a secret on is told, whatever it calls; one that names a variable is not."""

from __future__ import annotations

import time

import pytest

from settings.types.secrets.looks import secret_looks

PLAIN = r"""
mongosh -u ann -p hunter2hunter2
openssl enc -aes-256-cbc -k hunter2hunter2 -in x
echo hunter2hunter2 | kinit ann@ACME.EXAMPLE
echo hunter2hunter2 | sudo -S true
bindpw hunter2hunter2
kubectl create secret generic db --from-literal=url=hunter2hunter2
docker login -u bob -p hunter2hunter2 r.example
docker login r.example --username bob --password hunter2hunter2
podman login -phunter2hunter2 -u bob r.example
echo hunter2hunter2 | docker login -u bob --password-stdin r.example
printf '%s' 'hunter2hunter2' | helm registry login r.example -u bob --password-stdin
docker login --password-stdin r.example <<< "hunter2hunter2"
sshpass -p hunter2hunter2 ssh bob@host
sshpass -p 'hunter2 hunter2' scp a b
mysql -u root -phunter2hunter2 db
mysqldump -phunter2hunter2 --all
aws configure set aws_secret_access_key wJalrXUtnFEMI/K7MDENG/bPxRfi
npm config set //npm.example/:_authToken abcd1234efgh5678
pip config set global.password hunter2hunter2
git config --global user.password hunter2hunter2
mc alias set s3 https://minio.example ADMIN hunter2hunter2
openssl enc -d -pass pass:hunter2hunter2 -in x
openssl rsa -passin pass:hunter2hunter2
redis-cli -a hunter2hunter2 ping
ldapsearch -D cn=x -w hunter2hunter2
vault login s.abcd1234efgh5678
wandb login 0123456789abcdef0123456789abcdef01234567
huggingface-cli login --token abcdefabcdef1234
kubectl create secret generic x --from-literal=password=hunter2hunter2
kubectl create secret docker-registry x --docker-password=hunter2hunter2
curl -H "X-Api-Key: abcd1234efgh5678" https://x
curl -H 'PRIVATE-TOKEN: abcd1234efgh5678' https://x
curl -H 'Cookie: session=abcd1234efgh5678' https://x
curl "https://x/?token=abcd1234efgh5678"
wget --http-password=hunter2hunter2 https://x
wget --header="X-Auth-Token: abcd1234efgh" https://x
http -a bob:hunter2hunter2 https://x
smbclient //h/s -U bob%hunter2hunter2
mount -t cifs //h/s /m -o username=bob,password=hunter2hunter2
export PGPASSWORD=hunter2hunter2
PGPASSWORD=hunter2hunter2 psql -h db
set -x; TOKEN="abcd1234efgh5678ijkl"
read -r PASSWORD <<< hunter2hunter2
declare -x DB_PASSWORD=hunter2hunter2
setenv DB_PASSWORD hunter2hunter2
ENV DB_PASSWORD hunter2hunter2
zip -P hunter2hunter2 a.zip b
7z x a.7z -phunter2hunter2
unzip -P hunter2hunter2 a.zip
gpg --batch --passphrase hunter2hunter2 -d x
rclone config create r s3 access_key_id AKX secret_access_key hunter2hunter2
az login --service-principal -u id -p hunter2hunter2 --tenant t
cat > ~/.pgpass <<< "db:5432:x:bob:hunter2hunter2"
os.environ["DB_PASSWORD"] = "hunter2hunter2"
password hunter2hunter2
<password>hunter2hunter2</password>
<add key="ApiKey" value="abcd1234efgh5678"/>
api.credentials { access_key = "ABCDEFGHIJKLMNOPQRST" , secret_key = "abcdefgh1234567890abcdefgh" }
secret_key "abcdefgh1234567890abcdefgh"
//npm.example/:_authToken=abcd1234efgh5678
password = hunter2hunter2
requirepass hunter2hunter2
sasl.jaas.config=org.example.PlainLoginModule required username="u" password="hunter2hunter2";
s3://AKX:hunter2hunter2@bucket
mongodb+srv://u:hunter2hunter2@h
amqp://guest:hunter2hunter2@h
Server=x;Uid=u;Pwd=hunter2hunter2;
dsn=https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/1
"""
REFERENCES = r"""
docker login -u bob -p "$REGISTRY_PASSWORD" r.example
docker login -u bob -p ${REGISTRY_PASSWORD} r.example
docker run -p 8080:80 -u 1000:1000 image
mkdir -p /data/cache
ssh -p 2222 bob@host
ps -p 1
cat /run/secrets/pw | docker login -u bob --password-stdin r.example
echo "$TOKEN" | docker login -u bob --password-stdin r.example
sshpass -p "$SSHPASS" ssh bob@host
sshpass -e ssh bob@host
sshpass -f /run/secrets/pw ssh bob@host
mysql -u root -p"$MYSQL_PWD" db
mysql -u root -p db
mysql -P 3306 db
aws configure set region eu-west-1
aws configure set aws_secret_access_key "$AWS_SECRET_ACCESS_KEY"
npm config set registry https://registry.example
git config --global credential.helper store
git config --global user.password "$GIT_PASSWORD"
pip config set global.index-url https://pypi.example/simple
openssl enc -d -pass env:PASS -in x
openssl rsa -passin file:/run/secrets/p
redis-cli -a "$REDIS_PASSWORD" ping
redis-cli -a $(cat /run/secrets/redis) ping
ldapsearch -D cn=x -w "$LDAP_PW"
vault login -method=kubernetes role=x
vault login "$VAULT_TOKEN"
wandb login "$WANDB_API_KEY"
wandb login --relogin
huggingface-cli login --token $HF_TOKEN
kubectl create secret generic x --from-literal=password=$PW
kubectl create secret generic x --from-file=password=/run/pw
tar -xzpf a.tgz
zip -r a.zip b
unzip -q a.zip -d out
7z x a.7z -oout
gpg --batch --passphrase-file /run/secrets/p -d x
ENV DB_PASSWORD_FILE /run/secrets/db
export TOKEN_LIFETIME=3600
The password is kept in Vault.
password required
set password from vault
mc alias set s3 https://minio.example "$ACCESS" "$SECRET"
mc alias set s3 https://minio.example
rsync -a --password-file=/run/secrets/p src dst
curl -H "Authorization: Bearer $TOKEN" https://x
curl -H "X-Api-Key: ${API_KEY}" https://x
git clone https://github.com/acme/repo.git
set -o pipefail
pass: true
python -m pip install -U pip
MAX_TOKENS=4096
tokenizer: bert
python train.py --max-tokens 4096 --token-type bpe
<password/>
"""


@pytest.mark.parametrize("line", PLAIN.strip().splitlines())
def test_a_secret_in_a_command_is_told(line: str) -> None:
    script = f"set -e\n{line}\n"
    assert list(secret_looks({"containerCustomBashScript": script}, "agent")) == ["agent.containerCustomBashScript"]


@pytest.mark.parametrize("line", REFERENCES.strip().splitlines())
def test_a_command_that_says_where_a_secret_is_passes(line: str) -> None:
    assert list(secret_looks({"containerCustomBashScript": f"set -e\n{line}\n"}, "agent")) == []


@pytest.mark.parametrize(
    "text", ["eyJ" * 13_000, "a1" * 20_000, "sk-" * 13_000, "docker login " + "a=" * 20_000 + " 'x"]
)
def test_an_endless_word_holds_nobody_up(text: str) -> None:
    """A tenant's file cannot stop the check: the first took over a minute of computing time, and four times that when
    twice as long."""
    before = time.process_time()
    assert list(secret_looks({"plain": text}, "x")) == []
    assert time.process_time() - before < 15


def test_a_token_in_an_endless_word_is_told() -> None:
    for filling in range(390, 410):
        text = "x," * filling + "glpat-abcdefghij0123456789" + ",y" * 500
        assert list(secret_looks({"plain": text}, "x")) == ["x.plain"]
