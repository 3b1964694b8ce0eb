/**
 * {@code rootstock dataset}: prepare, list and show datasets.
 */
package io.rootstock.cli.command.dataset;
