/**
 * Terminal output: tables, formatting of numbers, progress, plans, trees and charts. No calls to services.
 */
package io.rootstock.cli.display;
