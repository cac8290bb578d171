vcl 4.1;

# Varnish before the application. Whatever may be kept is the same for everybody, whoever asks.

backend default {
    .host = "127.0.0.1";
    .port = "8000";
}

acl machine {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ machine) {
            return (synth(405));
        }
        # One change may show on any page.
        ban("obj.status != 0");
        return (synth(200));
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.url ~ "^/(ruang|admin|masuk|akun|gabung|hadir|api)(/|$)") {
        return (pass);
    }
    # A cookie changes no public page: one that is kept answers for everybody.
    return (hash);
}

sub vcl_backend_response {
    set beresp.grace = 0s;
    # Help pages: kept here, by no browser.
    if (beresp.http.Surrogate-Control ~ "max-age=60") {
        set beresp.ttl = 60s;
        return (deliver);
    }
    # What says nothing about keeping is not kept.
    if (beresp.http.Cache-Control !~ "(s-maxage|public)" || beresp.http.Set-Cookie) {
        set beresp.uncacheable = true;
        set beresp.ttl = 120s;
        return (deliver);
    }
}

sub vcl_deliver {
    unset resp.http.Surrogate-Control;
    unset resp.http.Via;
    unset resp.http.X-Varnish;
}
