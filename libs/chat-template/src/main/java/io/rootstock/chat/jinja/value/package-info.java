/** Values of a template with Python's semantics: strings with sources, operators, slices, formats, conversions. */
package io.rootstock.chat.jinja.value;
