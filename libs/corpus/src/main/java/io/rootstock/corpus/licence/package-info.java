/** The step that keeps documents by their licence, an SPDX identifier or expression (https://spdx.org/licenses/). */
package io.rootstock.corpus.licence;
