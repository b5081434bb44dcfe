#!/bin/sh
# Makes the keys and signatures of this folder anew. The files are kept, so nobody has to run this; it says how they came
# to be. It needs ssh-keygen and gpg 2.2. All keys belong to invented people and protect nothing.
set -eu
cd "$(dirname "$0")"
rm -rf keys ssh openpgp
mkdir -p keys ssh openpgp

# SSH keys.
for who in tomas mira dana stranger; do
    ssh-keygen -q -t ed25519 -N '' -C "$who@acme.example" -f "keys/$who"
done
ssh-keygen -q -t ecdsa -b 256 -N '' -C ecdsa@acme.example -f keys/ecdsa
ssh-keygen -q -t ecdsa -b 384 -N '' -C ecdsa-384@acme.example -f keys/ecdsa-384
ssh-keygen -q -t rsa -b 2048 -N '' -C rsa@acme.example -f keys/rsa
ssh-keygen -q -t ed25519 -N '' -C authority@acme.example -f keys/authority
ssh-keygen -q -t ed25519 -N '' -C certified@acme.example -f keys/certified
ssh-keygen -q -s keys/authority -I certified -n certified@acme.example -V 20200101:20400101 keys/certified.pub

printf 'Count cups\n\nReviewed-by: Tomas Vega <tomas@acme.example>\n' > payload
printf 'Count spoons\n\nReviewed-by: Tomas Vega <tomas@acme.example>\n' > other
for who in tomas mira stranger ecdsa ecdsa-384 rsa certified; do
    ssh-keygen -q -Y sign -n git -f "keys/$who" < payload > "ssh/$who.sig"
done
ssh-keygen -q -Y sign -n file -f keys/tomas < payload > ssh/namespace.sig
ssh-keygen -q -Y sign -n tickmark-approval -f keys/tomas < payload > ssh/approval.sig
ssh-keygen -q -Y sign -n git -f keys/certified-cert.pub < payload > ssh/certificate.sig 2>/dev/null || true

# OpenPGP keys, each in a home of its own. Every command says which day it is.
home=$(mktemp -d)
trap 'gpgconf --homedir "$home" --kill all; rm -rf "$home"' EXIT
chmod 700 "$home"
pgp() {
    day=$1
    shift
    gpg --homedir "$home" --batch --quiet --no-tty --pinentry-mode loopback --passphrase '' --trust-model always \
        --faked-system-time "${day}T120000!" "$@"
}
make() { # day, user id, algorithm, ends
    pgp "$1" --quick-generate-key "$2" "$3" sign "$4"
}
print() { pgp 20260301 --with-colons --list-keys "=$1" | awk -F: '$1 == "fpr" { print $10; exit }'; }
make 20250101 'Tomas Vega <tomas@acme.example>' ed25519 never
make 20250101 'Mira Sand <mira@acme.example>' rsa2048 never
make 20250101 'Sam Frost <sam@acme.example>' ed25519 20260101T000000
make 20250101 'Lena Osei <lena@acme.example>' ed25519 never
make 20250101 'Kai Brandt <kai@acme.example>' ed25519 never
make 20250101 'Pia Noor <pia@acme.example>' ed25519 never
make 20260501 'Dana Roe <dana@acme.example>' ed25519 never
make 20250101 'Nobody Known <nobody@acme.example>' ed25519 never
# Pia signs with a subkey, and has another that may only encrypt.
pia=$(print 'Pia Noor <pia@acme.example>')
pgp 20250102 --quick-add-key "$pia" ed25519 sign never
pgp 20250102 --quick-add-key "$pia" cv25519 encr never
sub=$(pgp 20260301 --with-colons --list-keys "$pia" | awk -F: '$1 == "fpr" { print $10 }' | sed -n 2p)

sign() { # day, user, file, name
    pgp "$1" --armor --detach-sign --local-user "$2" --output "openpgp/$4.asc" "$3"
}
sign 20260311 'tomas@acme.example' payload tomas
sign 20260311 'mira@acme.example' payload mira
sign 20250601 'sam@acme.example' payload sam-in-time
sign 20260311 'lena@acme.example' payload lena
sign 20260311 'kai@acme.example' payload kai-before
sign 20260311 "$sub!" payload pia-subkey
sign 20260601 'dana@acme.example' payload dana
sign 20260311 'nobody@acme.example' payload stranger
# A key that has ended signs only where its end is moved, and moved back for the keyring.
sam=$(print 'Sam Frost <sam@acme.example>')
pgp 20250601 --armor --export "$sam" > openpgp/sam.pub
pgp 20250601 --quick-set-expire "$sam" never
sign 20260311 'sam@acme.example' payload sam-too-late
# Lena's key is revoked without a reason, and Kai's because it was given up.
revoke() { # day, print, reason
    printf '%s\n' y "$3" '' y | gpg --homedir "$home" --no-tty --pinentry-mode loopback --passphrase '' --command-fd 0 \
        --faked-system-time "${1}T120000!" --yes --status-fd 3 --gen-revoke "$2" 3>/dev/null > "$home/revocation" 2>/dev/null
    pgp "$1" --import "$home/revocation"
}
revoke 20260401 "$(print 'Lena Osei <lena@acme.example>')" 0
revoke 20260401 "$(print 'Kai Brandt <kai@acme.example>')" 3
{
    for who in tomas mira lena kai pia dana; do pgp 20260701 --armor --export "$who@acme.example"; done
    cat openpgp/sam.pub
} > openpgp/keyring.asc
{
    for who in tomas mira lena kai pia dana; do pgp 20260701 --export "$who@acme.example"; done
    gpg --dearmor < openpgp/sam.pub
} > openpgp/keyring.gpg
rm openpgp/sam.pub
# Histories of cases are signed with these.
for who in tomas lena sam; do
    pgp 20250601 --armor --export-secret-keys "$who@acme.example" > "openpgp/$who.key"
done
rm keys/authority keys/certified keys/ecdsa keys/ecdsa-384 keys/rsa
