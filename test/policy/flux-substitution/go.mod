module delivery-reviews.dev/test/policy/flux-substitution

go 1.26

require github.com/fluxcd/pkg/envsubst v1.4.0
