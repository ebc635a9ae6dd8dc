// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import java.nio.file.Path;

/**
 * A certificate and its key. Immutable.
 *
 * @param certificateFile the certificate and the chain up to its authority, PEM
 * @param keyFile its private key, PEM, not encrypted: PKCS#8, PKCS#1 or SEC1
 */
public record KeyFiles(Path certificateFile, Path keyFile) {}
