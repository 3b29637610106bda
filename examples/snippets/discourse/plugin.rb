# frozen_string_literal: true

# name: fingerpost
# about: Moderators refer a post to a government advisor; the answer becomes a post in its topic.
# version: 0.1

require_relative "fingerpost"

# Site settings of this plugin: fingerpost_url, fingerpost_forum, fingerpost_secret, fingerpost_account (whose posts the
# answers are). A button that posts to /fingerpost/refer/:id is yours to add where your theme has its moderators' tools.
after_initialize do
  class ::FingerpostController < ::ApplicationController
    skip_before_action :verify_authenticity_token, :redirect_to_login_if_required, :check_xhr, only: :receive
    before_action :ensure_staff, only: :refer

    def refer
      post = Post.find(params.require(:id))
      referral = {
        title: beginning(post.topic.title, 200),
        excerpt: beginning(post.raw, 4000),
        url: post.full_url,
        externalId: post.id.to_s,
        moderator: "account-#{current_user.id}",
        member: "account-#{post.user_id}",
        consent: params[:consent] == "ask-member" ? "ask-member" : "member-agreed",
      }
      answer = Fingerpost.refer(SiteSetting.fingerpost_url, SiteSetting.fingerpost_forum, SiteSetting.fingerpost_secret, referral, post.id)
      render json: answer.body, status: answer.code.to_i
    end

    def receive
      headers = %w[webhook-id webhook-timestamp webhook-signature].index_with { |name| request.headers[name] }
      return head :unauthorized unless Fingerpost.genuine?(SiteSetting.fingerpost_secret, headers, request.raw_post)
      told = JSON.parse(request.raw_post)
      data = told["data"]
      return render json: {} if data["test"] || told["type"] != "referral.replied"
      render json: { url: reply_once(headers["webhook-id"], data).full_url }
    end

    private

    # Fingerpost counts as JavaScript does: a character beyond U+FFFF, such as an emoji, is two.
    def beginning(text, most)
      length = 0
      text.each_char.take_while { |char| (length += char.ord > 0xFFFF ? 2 : 1) <= most }.join
    end

    def reply_once(id, data)
      known = PluginStore.get("fingerpost", id)
      return Post.find(known) if known
      from = data["from"]
      raw = "#{data["text"]}\n\n*#{from["department"]}, #{from["pool"]}* · [Check that this is official](#{data["verify"]["url"]})"
      account = User.find_by!(username: SiteSetting.fingerpost_account)
      post = PostCreator.create!(account, topic_id: Post.find(data["externalId"]).topic_id, raw: raw)
      PluginStore.set("fingerpost", id, post.id)
      post
    end
  end

  Discourse::Application.routes.append do
    post "/fingerpost/refer/:id" => "fingerpost#refer"
    post "/fingerpost/callback" => "fingerpost#receive"
  end
end
