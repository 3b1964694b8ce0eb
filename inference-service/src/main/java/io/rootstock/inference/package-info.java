/** Entry point of the inference service. */
package io.rootstock.inference;
