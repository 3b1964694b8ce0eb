/** Parts that the bindings of native libraries share: opening shared libraries, linking functions and calling them. */
package io.rootstock.panama;
