# make test      all tests, after installing what they need (Debian); the README's second command
# make verify    generated code, format, vet, tests of the walls; fails when something is left uncommitted
# make shots     screenshots for the README

.PHONY: test verify generate shots install

test: install
	./tools/test

install:
	./tools/install

generate:
	go tool templ generate

verify: generate
	gofmt -l . | (! grep .)
	go vet ./...
	go test ./app
	git diff --exit-code

shots:
	mkdir -p docs/screens
	LOTRINH_SCREENS=$(CURDIR)/docs/screens go test -count=1 -run TestScreens ./journey
