/** Files of a workspace: documents of a unit, keys of a unit, and arrays that are read one by one. All have checksums. */
package io.rootstock.corpus.engine.format;
