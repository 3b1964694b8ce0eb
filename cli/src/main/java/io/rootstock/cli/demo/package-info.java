/**
 * {@code rootstock demo}: trains and serves models on the Javadoc of the JDK. Extracts training data from Java sources and
 * runs the steps of the demo with the same clients as the other commands.
 */
package io.rootstock.cli.demo;
