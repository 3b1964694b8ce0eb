/**
 * Checks of a machine and of an installation, each of which says what it found and what to do. A check reads files, asks for
 * ports and calls services; it changes nothing. No terminal output.
 */
package io.rootstock.cli.doctor;
