// The Gateway API that components/gateway is checked against: the oldest with BackendTLSPolicy v1.
module delivery-reviews.dev/test/policy/gateway-api

go 1.26

require sigs.k8s.io/gateway-api v1.4.1
