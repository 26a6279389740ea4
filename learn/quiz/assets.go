package quiz

import (
	_ "embed"

	"lotrinh/learn/page"
)

//go:embed assets/quiz.js
var scriptBody []byte

// script keeps the answers of a test as they are given.
var script = page.NewScript("quiz", scriptBody)
