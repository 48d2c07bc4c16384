# A Sinatra server; what most routes need is required when they are first asked.
require 'sinatra'

set :server, :webrick
set :bind, '0.0.0.0'
set :port, 8080
set :environment, :production

get('/') { '<h1>Sinatra</h1><a href="/healthz">healthz</a>' }
get('/healthz') { "ok\n" }

get('/template') { erb :letter, locals: { name: 'reader' } }

get('/lazy') do
  require_relative 'lib/lazy'
  Lazy.text
end

get('/autoload') do
  Object.autoload(:Late, File.join(__dir__, 'lib', 'late.rb')) unless Object.const_defined?(:Late)
  Late.text
end

get('/json') do
  require 'json'
  JSON.parse('{"a": [1, 2]}')['a'].sum.to_s
end

get('/yaml') do
  require 'yaml'
  YAML.load_file('settings.yml')['answer'].to_s
end

get('/database') do
  require 'sqlite3'
  SQLite3::Database.new('/data/app.db').execute('select 6 * 7').first.first.to_s
end

get('/fetch') do
  require 'net/http'
  Net::HTTP.get(URI(ENV.fetch('TLS_URL')))
end

get('/zone') do
  ENV['TZ'] = 'America/New_York'
  Time.at(1_500_000_000).strftime('%F %T %Z')
end

get('/tzinfo') do
  require 'tzinfo'
  TZInfo::Timezone.get('Europe/Oslo').utc_to_local(Time.at(1_500_000_000).utc).strftime('%H:%M')
end

get('/shell') { `uname -s; printf 'b\na\n' | sort | head -n 1` }

get('/command') do
  require 'open3'
  Open3.capture2('tr', 'a-z', 'A-Z', stdin_data: 'loud').first
end

get('/charset') { 'café'.encode('IBM037').bytes.map { |b| b.to_s(16) }.join }

get('/user') do
  require 'etc'
  require 'socket'
  "#{Etc.getpwuid.name} #{Addrinfo.getaddrinfo('localhost', nil, :INET).first.ip_address}"
end

get('/digest') do
  require 'digest'
  require 'openssl'
  Digest::SHA256.hexdigest('x')[0, 8] + OpenSSL::Digest.new('BLAKE2b512').hexdigest('x')[0, 8]
end

get('/csv') do
  require 'csv'
  CSV.parse("a,b\n1,2\n", headers: true).first['b']
end

get('/compress') do
  require 'zlib'
  Zlib::Inflate.inflate(Zlib::Deflate.deflate('round trip'))
end

post('/upload') do
  require 'tempfile'
  Tempfile.create('upload') { |file| "#{file.write(request.body.read)} bytes" }
end

not_found { erb :missing }
error { 'Something broke' }
get('/broken') { raise 'on purpose' }
