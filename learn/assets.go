package learn

import (
	_ "embed"

	"lotrinh/learn/page"
)

//go:embed assets/learn.js
var scriptBody []byte

// script lets videos go on where one stopped.
var script = page.NewScript("learn", scriptBody)
