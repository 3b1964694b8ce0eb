/** Where the inference service starts. Nothing else lives here. */
package io.rootstock.inference;
