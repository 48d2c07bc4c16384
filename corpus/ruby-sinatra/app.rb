# frozen_string_literal: true

require 'sinatra'
require 'json'

set :bind, '0.0.0.0'
set :port, 4567
set :show_exceptions, false

Dir[File.join(__dir__, 'lib', '*.rb')].sort.each { |file| autoload File.basename(file, '.rb').capitalize.to_sym, file }

get('/') { erb :index }
get('/health') { 'ok' }
get('/trips') do
  @trips = Trips.all
  erb :trips
end
get('/trips.json') do
  content_type :json
  Trips.all.to_json
end
get('/guide') do
  require 'kramdown'
  Kramdown::Document.new(File.read(File.join(__dir__, 'data', 'guide.md'), encoding: 'utf-8')).to_html
end
get('/zone/:area/:city') do
  require 'tzinfo'
  TZInfo::Timezone.get("#{params[:area]}/#{params[:city]}").utc_to_local(Time.utc(2024, 1, 1, 0, 0)).strftime('%F %R')
end
get('/distance') { Trips.distance.to_s }
get('/words/:language') do
  require 'i18n'
  I18n.load_path = Dir[File.join(__dir__, 'data', '*.yml')]
  I18n.t('welcome', locale: params[:language])
end
get('/legacy') { File.read(File.join(__dir__, 'data', 'legacy.txt'), encoding: 'iso-8859-2:utf-8') }
get('/engine') { `node -p "[1, 2, 3].map((x) => x * 2).join()"` }
get('/digest') do
  require 'openssl'
  OpenSSL::Digest.new('SHA256').hexdigest('trip')[0, 8]
end
get('/broken') { raise 'the bus left' }
post('/lines') { request.body.read.lines.size.to_s }

not_found { erb :missing }
error { "sorry: #{env['sinatra.error'].message}" }
