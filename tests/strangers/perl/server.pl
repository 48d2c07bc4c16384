# A server; each route needs something else, when it is first asked.
use strict;
use warnings;
use lib 'lib';
use HTTP::Daemon;
use HTTP::Response;

my %routes = (
    '/' => sub { '<h1>Perl</h1><a href="/healthz">healthz</a>' },
    '/healthz' => sub { "ok\n" },
    '/module' => sub { require Late; Late::text() },
    '/json' => sub { require JSON; JSON::decode_json('{"answer": 42}')->{answer} },
    '/template' => sub {
        require Template;
        my $text = '';
        Template->new(INCLUDE_PATH => 'templates')->process('letter.tt', { name => 'reader' }, \$text) or die 'no template';
        $text;
    },
    '/database' => sub { require DBI; DBI->connect('dbi:SQLite:dbname=/tmp/app.db')->selectrow_array('select 6 * 7') },
    '/encode' => sub { require Encode; unpack 'H*', Encode::encode('shiftjis', "\x{65e5}") },
    '/fold' => sub { use utf8; my $word = lc "\x{c9}COLE"; "\x{e9}cole" eq $word ? 'folded' : 'not folded' },
    '/names' => sub { require charnames; charnames::viacode(0xe9) },
    '/zone' => sub { require POSIX; local $ENV{TZ} = 'America/New_York'; POSIX::tzset(); POSIX::strftime('%H:%M %Z', localtime 1500000000) },
    '/fetch' => sub {
        require LWP::UserAgent;
        LWP::UserAgent->new(ssl_opts => { SSL_ca_file => '/etc/ssl/certs/ca-certificates.crt' })->get($ENV{TLS_URL})->decoded_content;
    },
    '/shell' => sub { `uname -s; seq 3 | sort -r | head -1` },
    '/another' => sub { `$^X -MList::Util=sum -e 'print sum 1, 2, 3'` },
    '/user' => sub { require Socket; join ' ', (getpwuid $>)[0], Socket::inet_ntoa(scalar gethostbyname 'localhost') },
    '/digest' => sub { require Digest::SHA; Digest::SHA::sha256_hex('x') },
    '/compress' => sub { require Compress::Zlib; Compress::Zlib::memGunzip(Compress::Zlib::memGzip('round trip')) },
    '/data' => sub { open my $in, '<', 'data.txt' or die 'no data'; <$in> },
    '/big' => sub { require Math::BigInt; Math::BigInt->new(2)->bpow(70)->bstr },
);

my $server = HTTP::Daemon->new(LocalPort => 8080, LocalAddr => '0.0.0.0', ReuseAddr => 1) or die "cannot listen: $!";
while (my $client = $server->accept) {
    while (my $request = $client->get_request) {
        my $path = $request->uri->path;
        my ($status, $text) = (200, '');
        if ($path eq '/upload') {
            require File::Temp;
            my $file = File::Temp->new;
            print $file $request->content;
            close $file;
            $text = (-s "$file") . ' bytes';
        } elsif (my $route = $routes{$path}) {
            $text = eval { $route->() };
            ($status, $text) = (500, $@) if $@;
        } else {
            open my $page, '<', '/app/templates/missing.html';
            ($status, $text) = (404, $page ? join('', <$page>) : '');
        }
        utf8::encode($text) if utf8::is_utf8($text);
        $client->send_response(HTTP::Response->new($status, undef, ['Content-Type' => 'text/html'], $text));
    }
    $client->close;
}
