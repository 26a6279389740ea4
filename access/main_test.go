package access

import (
	"log/slog"
	"os"
	"testing"
)

// realCost is what passwords cost outside of tests.
var realCost = costNow

// TestMain makes passwords cheap to hash: most tests sign in, and few are about
// what a guess costs.
func TestMain(m *testing.M) {
	costNow = cost{memory: 64, passes: 1, lanes: 1}
	slog.SetDefault(slog.New(slog.DiscardHandler)) // tests fail sign-ins on purpose
	os.Exit(m.Run())
}

// atRealCost runs a test with passwords as dear as in a house.
func atRealCost(t testing.TB) {
	cheap := costNow
	costNow = realCost
	t.Cleanup(func() { costNow = cheap })
}
