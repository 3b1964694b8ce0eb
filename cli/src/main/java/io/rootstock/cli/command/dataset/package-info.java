/**
 * {@code rootstock dataset}: prepare, list and show datasets, and print their rows.
 */
package io.rootstock.cli.command.dataset;
