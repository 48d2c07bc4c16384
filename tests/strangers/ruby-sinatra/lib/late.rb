module Late
  def self.text = "loaded by itself"
end
