/**
 * {@code rootstock demo}: a model's whole life on the Javadoc that every JDK carries. Here lives what makes training
 * data of Java sources, and the steps of the demo, which use the services exactly as the other commands do.
 */
package io.rootstock.cli.demo;
