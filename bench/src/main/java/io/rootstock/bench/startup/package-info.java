/** Start-up times and memory: of the inference service in each packaging, and of a command of the command line in each form. */
package io.rootstock.bench.startup;
