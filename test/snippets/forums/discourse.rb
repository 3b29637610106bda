# frozen_string_literal: true

# As much of Discourse as its snippet needs, to run the plugin whole: its routes are served, its posts are files in a folder.
require "digest"
require "json"
require "ostruct"
require "webrick"

class String
  def first(count) = self[0, count]
end

class Array
  def index_with = to_h { |one| [one, yield(one)] }
end

class ApplicationController
  attr_reader :params, :request, :current_user, :answer

  @guards = {}
  class << self
    def guards = (@guards ||= {})
    def skip_before_action(*) = nil
    def before_action(guard, only:) = guards[only] = guard
  end

  def initialize(params, request)
    @params = OpenStruct.new(params)
    @params.define_singleton_method(:require) { |name| params.fetch(name) }
    @request = request
    @current_user = OpenStruct.new(id: params[:as].to_i, staff?: params[:as] == "1")
  end

  def run(action)
    guard = self.class.guards[action]
    send(guard) if guard
    send(action) if answer.nil?
  end

  def render(json:, status: 200) = @answer = [status, json.is_a?(String) ? json : JSON.generate(json)]
  def head(status) = @answer = [{ unauthorized: 401, forbidden: 403 }.fetch(status), ""]
  def ensure_staff = current_user.staff? || head(:forbidden)
end

SiteSetting = OpenStruct.new(
  fingerpost_url: ENV.fetch("FINGERPOST_URL"),
  fingerpost_forum: ENV.fetch("FINGERPOST_FORUM"),
  fingerpost_secret: ENV.fetch("FINGERPOST_SECRET"),
  fingerpost_account: "advisors",
)

class Post < OpenStruct
  def self.find(id)
    topic = OpenStruct.new(title: "My advance")
    new(id: id.to_i, user_id: 5, topic_id: id.to_i, topic: topic, raw: ENV.fetch("EXCERPT"), full_url: "https://parents.example/reply-to/#{id.to_i}")
  end
end

class User
  def self.find_by!(username:) = username
end

class PluginStore
  @kept = {}
  def self.get(plugin, key) = @kept[[plugin, key]]
  def self.set(plugin, key, value) = @kept[[plugin, key]] = value
end

class PostCreator
  @made = 0
  def self.create!(_account, topic_id:, raw:)
    File.write("#{ENV.fetch("POSTS")}/#{@made += 1}.json", JSON.generate(under: topic_id, text: raw))
    Post.find(topic_id)
  end
end

module Discourse
  class Application
    @routes = {}
    class << self
      def routes = self
      def append(&block) = instance_eval(&block)
      def post(route) = @routes.merge!(route)
      def find(path) = @routes.find { |pattern, _| path.match?(%r{\A#{pattern.sub(":id", "[^/]+")}\z}) }
    end
  end
end

def after_initialize(&block) = block.call

load ENV.fetch("SNIPPET")

server = WEBrick::HTTPServer.new(
  BindAddress: "127.0.0.1", Port: 0, AccessLog: [], Logger: WEBrick::Log.new(nil, 0),
  StartCallback: -> { $stderr.puts "(http://127.0.0.1:#{server.config[:Port]}) started" },
)
server.mount_proc "/" do |incoming, outgoing|
  # The button's address is told apart by a query, so that both languages are asked alike.
  told = incoming.query_string.to_s.split("&").to_h { |pair| pair.split("=") }
  path = told["refer"] ? "/fingerpost/refer/#{told["refer"]}" : incoming.path
  _, target = Discourse::Application.find(path)
  params = { id: told["refer"], as: told["as"], consent: "member-agreed" }
  request = OpenStruct.new(raw_post: incoming.body.to_s.dup.force_encoding("UTF-8"), headers: incoming)
  controller = FingerpostController.new(params, request)
  controller.run(target.split("#").last.to_sym)
  outgoing.status, outgoing.body = controller.answer
  outgoing["content-type"] = "application/json"
end
trap("TERM") { server.shutdown }
server.start
