package ui

// Icons lists the names that Icon knows.
var Icons = []string{"home", "bell", "person", "people", "menu", "search", "calendar", "book", "class",
	"check", "warn", "info", "close", "out", "left", "right", "up", "down", "sort", "plus", "edit",
	"download", "upload", "print", "chart", "map", "certificate", "question", "settings", "clock",
	"contrast", "path", "link", "building", "offline", "target", "shield", "play", "task"}

func iconHref(name string) string { return Asset("icons.svg") + "#" + name }
