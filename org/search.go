package org

// searchIndex is what a tree is searched by, made at the first search.
type searchIndex struct{}
