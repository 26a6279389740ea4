package web

import (
	"net/netip"
	"testing"
)

func TestLimiterCountsVisitorsApart(t *testing.T) {
	l := NewLimiter(60, 3)
	a, b := netip.MustParseAddr("203.0.113.1"), netip.MustParseAddr("203.0.113.2")
	for range 3 {
		if ok, _ := l.Allow(a); !ok {
			t.Fatal("the burst is not allowed")
		}
	}
	if ok, wait := l.Allow(a); ok || wait <= 0 {
		t.Fatal("the fourth at once is allowed")
	}
	if ok, _ := l.Allow(b); !ok {
		t.Fatal("one visitor locks out another")
	}
	one, other := netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("2001:db8::ffff")
	if network(one) != network(other) || network(one) == network(netip.MustParseAddr("2001:db8:0:1::1")) {
		t.Error("an IPv6 visitor is not his /64")
	}
}
