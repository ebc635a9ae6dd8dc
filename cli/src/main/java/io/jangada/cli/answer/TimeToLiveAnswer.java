// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.LeaseTimeToLiveResponse;
import io.jangada.cli.print.Answer;
import io.jangada.cli.print.GoJson;
import io.jangada.cli.print.GoText;
import io.jangada.cli.print.Lines;
import java.util.Map;

/**
 * What a lease has left.
 *
 * @param response of the server
 * @param withKeys whether the keys were asked for
 */
public record TimeToLiveAnswer(LeaseTimeToLiveResponse response, boolean withKeys)
        implements
            Answer {
    @Override
    public void simple(Lines lines) {
        String lease = "lease " + GoText.lease(response.getID());
        if (response.getGrantedTTL() == 0 && response.getTTL() == -1) {
            lines.line(lease + " already expired");
            return;
        }
        String text = lease + " granted with TTL(" + response.getGrantedTTL() + "s), remaining("
                + response.getTTL() + "s)";
        lines.line(withKeys ? text + ", attached keys([" + keys() + "])" : text);
    }

    private String keys() {
        return String.join(" ",
                response.getKeysList().stream().map(ByteString::toStringUtf8).toList());
    }

    @Override
    public Object json() {
        Map<String, Object> json = GoJson.fields(response.getHeader());
        json.put("id", response.getID());
        json.put("ttl", response.getTTL());
        json.put("granted-ttl", response.getGrantedTTL());
        json.put("keys", response.getKeysCount() == 0 ? GoJson.NULL : response.getKeysList());
        return json;
    }

    @Override
    public void fields(Lines lines) {
        lines.header(response.getHeader()).field("ID", response.getID())
                .field("TTL", response.getTTL()).field("GrantedTTL", response.getGrantedTTL());
        response.getKeysList().forEach(key -> lines.quoted("Key", key));
    }
}
