/**
 * Text of web pages: decoding by the rules of the web, and extraction of the main content.
 *
 * <p>Extraction is a pure function of the page and the settings. The rules are those of published extractors (link
 * density and block length of jusText and Boilerpipe, content elements of Readability), written for one pass over a tree.
 */
package io.rootstock.corpus.html;
