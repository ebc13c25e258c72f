# The authority, the nodes' certificate and Kibana's.
# Sourced, never run; each step says itself what happens when it fails, since `set -e` does not hold here.
# shellcheck shell=bash
# shellcheck source=base/credentials/scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# elasticsearch-certutil wants absolute paths and an output file that does not exist yet. There is no openssl in the
# image: when a certificate ends is read from its bytes, its names are kept as an annotation.
#
# What changes the authority (its age, a request, another one put into Secret elasticsearch-ca) only replaces ca.crt and
# ca.key there. The rest follows in Secrets elasticsearch-tls and kibana-tls, in each with an overlap in which both
# are trusted:
#   1. ca.crt becomes a bundle: the new authority and the old one.
#      Everybody reads it within KEEP_PREVIOUS_SECONDS, nodes within a minute or two
#   2. the certificate is signed by the new one
#   3. KEEP_PREVIOUS_SECONDS later the old one is not trusted any more

hosts() { # SECRET : every name by which those who have it are called:
  # short, with namespace, and in full with the cluster's DNS domain
  local ns domain service=elasticsearch nodes
  ns=$(< "$sa/namespace")
  domain=$(sed -nE "s/^search .*\b$ns\.svc\.([^ ]+).*/\1/p" "${RESOLV_CONF:-/etc/resolv.conf}")
  domain=${domain:-cluster.local}
  nodes=",*.elasticsearch-nodes.$ns,*.elasticsearch-nodes.$ns.svc,*.elasticsearch-nodes.$ns.svc.$domain"
  if [ "$1" = kibana-tls ]; then service=kibana nodes=''; fi
  echo "localhost,$service,$service.$ns,$service.$ns.svc,$service.$ns.svc.$domain$nodes"
}

certutil() { elasticsearch-certutil "$@" --silent --pem < /dev/null; }

in_days() { date -u -d "+$1 days" +%s; }

fingerprints() { # PEM-FILE : of each certificate in it, a line
  local line body=''
  while read -r line; do
    line=${line%$'\r'}
    case $line in
      *BEGIN*) body='' ;;
      *END*) base64 -di <<< "$body" | sha256sum | cut -c 1-64 ;;
      *) body+=$line ;;
    esac
  done < <(
    cat "$1"
    echo
  )
}

end_of() { # PEM-FILE : when its first certificate ends, in seconds since 1970.
  # "Validity" is two times, each a tag, its length and digits
  local times
  times=$(sed -n '/-BEGIN/,/-END/{/-BEGIN/d;/-END/q;p}' "$1" | base64 -di |
    LC_ALL=C grep -aoE $'(\x17\r[0-9]{12}|\x18\x0f[0-9]{14})Z' | tr -dc '0-9\n' | sed -n 2p)
  [ ${#times} != 12 ] || times=20$times
  [ ${#times} = 14 ] && date -u -d "${times:0:8} ${times:8:2}:${times:10:2}:${times:12:2}" +%s
}

made_by_hand() { # SECRET FILE : whoever made it renews it; say when that is due
  local end
  end=$(end_of "$2") || return 0
  [ "$end" -gt "$(in_days "$((RENEW_BEFORE_DAYS / 3))")" ] ||
    once "$1" "WARNING: Secret $1 was made by somebody else, and its certificate ends on $(moment "$end")"
}

new_authority() { # ca.crt and ca.key, under a name of its own, so that two of them can't be taken for each other
  rm -f ca.zip
  certutil ca --out "$PWD/ca.zip" --days "$AUTHORITY_DAYS" \
    --ca-dn "CN=delivery-reviews $(< "$sa/namespace") $(date -u +%FT%H:%M:%S)" &&
    unzip -qjo ca.zip &&
    ends=$(end_of ca.crt)
}

accepted() { # did somebody accept a new authority, today or yesterday?
  # It is said in a Secret, which the account of the nodes can't write
  local said
  said=$(note elasticsearch-users new-authority) || return
  [ "$said" = "$(date -u +%F)" ] || [ "$said" = "$(date -u -d yesterday +%F)" ]
}

by_others() { # SECRET : is it there, and not ours?
  [ -e "$1.json" ] && ! ours "$1"
}

not_of_the_nodes() { # was the authority made while the nodes' certificate came from elsewhere,
  # and is that gone now? Then no node ever trusted it
  [ ! -e elasticsearch-tls.json ] && note elasticsearch-ca only-for > /dev/null
}

authority() { # ca.crt and ca.key of Secret elasticsearch-ca, made if there is none
  local ends lost after mark only=()
  if ! fetch elasticsearch-ca || not_of_the_nodes; then
    if ! by_others elasticsearch-tls && exists configmaps/elasticsearch-formed && ! accepted; then
      lost='Secret elasticsearch-ca'
      [ ! -e elasticsearch-ca.json ] || lost='Secret elasticsearch-tls, made by somebody else,'
      after='(elasticsearch-tls is gone too: connections fail until every node and client has the new one)'
      [ ! -e elasticsearch-tls.json ] || after='(nodes will trust both for a while)'
      mark=$prefix/new-authority=$(date -u +%F)
      once authority "$lost is gone," \
        "but the cluster has formed: without it nothing can be signed, and clients outside know its certificate." \
        "Restore the Secret from a backup, or accept a new authority with" \
        "'kubectl -n $(< "$sa/namespace") annotate --overwrite secret elasticsearch-users $mark'" \
        "$after."
      return 1
    fi
    if [ -e elasticsearch-ca.json ]; then
      change elasticsearch-ca @only-for= || return
    else
      ! by_others elasticsearch-tls || only=(@only-for=kibana-tls)
      new_authority &&
        create elasticsearch-ca "@expires=$(moment "$ends")" "${only[@]}" ca.crt=ca.crt ca.key=ca.key ||
        return
    fi
  fi
  if ! data elasticsearch-ca ca.crt ca.crt || ! data elasticsearch-ca ca.key ca.key; then
    log "Secret elasticsearch-ca lacks ca.crt or ca.key"
    return 1
  fi
  if ! ours elasticsearch-ca; then
    made_by_hand elasticsearch-ca ca.crt
    return 0
  fi
  # it must outlive everything that it signs
  ends=$(end_of ca.crt) || ends=0
  if [ "$ends" -gt "$(in_days "$((CERTIFICATE_DAYS + RENEW_BEFORE_DAYS))")" ] &&
    [ "$(note elasticsearch-ca rotate)" != requested ]; then return 0; fi
  new_authority &&
    change elasticsearch-ca "@expires=$(moment "$ends")" @rotate= ca.crt=ca.crt ca.key=ca.key &&
    log "there is a new authority; nodes learn to trust it first"
}

sign() { # HOSTS : tls.crt and tls.key, signed by ca.crt and ca.key; $marks are the annotations that belong to them
  rm -f tls.zip
  certutil cert --out "$PWD/tls.zip" --days "$CERTIFICATE_DAYS" --name tls --dns "$1" \
    --ca-cert "$PWD/ca.crt" --ca-key "$PWD/ca.key" &&
    unzip -qjo tls.zip &&
    marks=(
      "@expires=$(moment "$(end_of tls.crt)")" "@hosts=$1"
      "@signed-by=$signer" "@signed-at=$(moment "$(seconds)")" @rotate=
    )
}

trusted() { # is every certificate of ca.crt in bundle.crt?
  local print all
  all=$(fingerprints bundle.crt)
  while read -r print; do grep -qx "$print" <<< "$all" || return; done < <(fingerprints ca.crt)
}

waited() { # SECRET ANNOTATION : have KEEP_PREVIOUS_SECONDS gone by since?
  local since
  since=$(since_1970 "$(note "$1" "$2")") || since=0
  [ $(($(seconds) - since)) -ge "$KEEP_PREVIOUS_SECONDS" ]
}

certificate() { # SECRET : made when absent; renewed before its end, when asked for,
  # when the names or the authority change. Needs ca.crt and ca.key
  local secret=$1 names ends signer marks=()
  names=$(hosts "$secret") signer=$(fingerprints ca.crt | head -n 1)
  if [ ! -e "$secret.json" ]; then
    sign "$names" && create "$secret" "${marks[@]}" ca.crt=ca.crt tls.crt=tls.crt tls.key=tls.key
    return
  fi
  if ! data "$secret" ca.crt bundle.crt || ! data "$secret" tls.crt tls.crt; then return 1; fi
  ends=$(end_of tls.crt) || ends=0
  if ! trusted; then
    {
      cat ca.crt
      echo
      cat bundle.crt
    } | sed '/^[[:space:]]*$/d' > both.crt
    change "$secret" ca.crt=both.crt "@trusted-at=$(moment "$(seconds)")" &&
      log "$secret: the new authority is trusted beside the old one"
  elif [ "$(note "$secret" signed-by)" != "$signer" ]; then
    # earlier than that only if the certificate could end before
    if ! waited "$secret" trusted-at && [ "$ends" -gt "$(in_days 1)" ]; then return 0; fi
    sign "$names" &&
      change "$secret" "${marks[@]}" tls.crt=tls.crt tls.key=tls.key &&
      log "$secret: the certificate is signed by the new authority"
  elif [ "$ends" -le "$(in_days "$RENEW_BEFORE_DAYS")" ] ||
    [ "$(note "$secret" hosts)" != "$names" ] ||
    [ "$(note "$secret" rotate)" = requested ]; then
    sign "$names" &&
      change "$secret" "${marks[@]}" tls.crt=tls.crt tls.key=tls.key &&
      log "$secret: there is a new certificate"
  elif [ "$(fingerprints bundle.crt)" != "$(fingerprints ca.crt)" ] && waited "$secret" signed-at; then
    change "$secret" ca.crt=ca.crt @trusted-at= && log "$secret: the old authority is not trusted any more"
  fi
}

certificates() { # Secrets elasticsearch-tls and kibana-tls, each on its own.
  # What somebody else makes needs no authority here
  local secret missing=0 failed=0 made=()
  for secret in elasticsearch-tls kibana-tls; do
    fetch "$secret" || missing=1
    if ! by_others "$secret"; then
      made+=("$secret")
    elif data "$secret" tls.crt tls.crt; then
      made_by_hand "$secret" tls.crt
    fi
  done
  if [ "${MAKE_CERTIFICATES:-yes}" != yes ]; then return $missing; fi
  if [ ${#made[@]} = 0 ]; then return 0; fi
  authority || return
  for secret in "${made[@]}"; do certificate "$secret" || failed=1; done
  return $failed
}
